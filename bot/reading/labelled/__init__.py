"""What stands under labels: which words are labels, how far values reach, which one counts."""
