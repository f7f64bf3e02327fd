"""`python -m punie_train` is `punie-train`."""

from punie_train.cli.app import main

if __name__ == "__main__":
    main()
