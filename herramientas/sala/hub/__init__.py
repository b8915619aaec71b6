"""Un JupyterHub para el aula: el ensayo que lo mide, la cuenta y los archivos."""
