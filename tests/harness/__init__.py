"""What tests, audits, evaluations and benchmarks drive the product with: servers, browsers, pages.

It knows no test: those import from here.
"""
