# Atajos. Todo el trabajo lo hace herramientas/tareas.py, que sirve también sin make.
# Lo que va en ARGS pasa al programa:  make pruebas ARGS="-k control"

TAREAS = lab pruebas libro servir pruebas-rapidas ejecutar en-vivo diapositivas leccion \
	revisar acta impacto usb zip pdf epub publicar publicar-datos auditar evaluar medir \
	colab matriz ensayo-t4 ensayo-usb ensayo-hub limpiar

# El Python más nuevo que tenga con qué crear entornos; si ninguno, tareas.py lo explica.
BUSCAR = for p in python3.13 python3.12 python3.11 python3 python; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $$p && exit; done; \
	command -v python3 || command -v python

.PHONY: ayuda $(TAREAS)

ayuda:
	@echo "Tareas: $(TAREAS)"

$(TAREAS):
	@python="$$($(BUSCAR))"; \
	if [ -z "$$python" ]; then \
		echo "No encuentro Python: instala Python 3.11 o más nuevo y repite."; exit 1; \
	fi; \
	exec "$$python" herramientas/tareas.py $@ $(ARGS)
