"""The site as plain files, and what makes a plain file server answer as this one does."""
