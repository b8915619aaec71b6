"""Un cerrojo entre procesos: que dos programas no hagan a la vez el mismo trabajo.

Solo usa la biblioteca estándar y se puede leer desde Python 3.6: lo necesita tareas.py.
"""

import errno
import os
import time


class Cerrojo:
    """Impide que dos tareas hagan a la vez lo mismo; la segunda lo dice y espera.

    El sistema lo suelta solo si el proceso muere. El programa que haga el trabajo
    recibe también el cerrojo (`heredar`): si matan a la tarea y él sigue escribiendo,
    la siguiente espera a que termine.
    """

    tomados = []

    def __init__(self, ruta, aviso):
        self.ruta, self.aviso = ruta, aviso

    def __enter__(self):
        avisado = False
        while not self._tomar():
            if not avisado:
                print(self.aviso, flush=True)
                avisado = True
            time.sleep(1)
        Cerrojo.tomados.append(self.archivo)
        return self

    def _tomar(self):
        os.makedirs(os.path.dirname(self.ruta), exist_ok=True)
        self.archivo = open(self.ruta, "a+")
        try:
            if os.name == "nt":
                import msvcrt

                self.archivo.seek(0)
                msvcrt.locking(self.archivo.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                return True  # un disco de red sin cerrojos: se trabaja sin él
            self.archivo.close()
            return False
        try:
            # «limpiar» pudo borrar el archivo mientras se esperaba: ese ya no cuenta.
            vigente = os.path.samestat(
                os.fstat(self.archivo.fileno()), os.stat(self.ruta)
            )
        except OSError:
            vigente = False
        if not vigente:
            self.archivo.close()
        return vigente

    def __exit__(self, *_):
        Cerrojo.tomados.remove(self.archivo)
        self.archivo.close()


def heredar():
    """Lo que se añade a Popen para que el programa herede los cerrojos tomados."""
    if os.name == "nt":
        return {}
    return {"pass_fds": [archivo.fileno() for archivo in Cerrojo.tomados]}
