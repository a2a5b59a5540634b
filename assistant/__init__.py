"""English out: answers, summaries and translations that cite exact spans."""
