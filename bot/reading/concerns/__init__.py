"""What clients write besides: ratings, complaints, numbers asked after, second thoughts."""
