"""The one place where the domain and `sync` meet: which tables travel, who may see what, how a store is opened."""
