"""What an account may spend: prices, balances, and the ledger that explains them."""
