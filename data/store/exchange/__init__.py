"""Marks from elsewhere and to elsewhere: tables of marks, and services as Open Referral has them."""
