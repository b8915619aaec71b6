"""Los programas de quien hace el curso, en cuartos con su oficio en la puerta.

- En la raíz, lo común: `tareas.py`, lo que hay detrás de `make`; `entorno.py`, que
  instala; `candado.py`, las versiones exactas; `archivos.py`, dónde está cada cosa y
  cómo se escribe entera; `copia.py`, los cuadernos de cada quien; `cerrojo.py`, uno a
  la vez; `publicar.py`, antes de publicar; `empaquetar.py`, el sitio en un .zip.
- `cuadernos/`: empezar una lección, leerla, ejecutarla, limpiarla, saber si está al
  día y en los índices, y los guiones de la clase.
- `sala/`: el taller: horarios, actas e impacto.
- `semilla/`: preentrenar el modelo pequeño y exportarlo.
- `datos/`: contar, contrastar y revisar los conjuntos.
- `medidas/`: evaluar, estudiar ajustes y medir tiempos y memoria.

Se corren desde la raíz, como módulos: `python -m herramientas.medidas.evaluar`.
"""
