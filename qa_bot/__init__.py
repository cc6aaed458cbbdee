"""qa_bot answers questions with the exact words of one's own documents."""
