@echo off
rem Instala el curso sin red, en Windows: doble clic, o «instalar.bat --destino D:\curso».
chcp 65001 >nul
setlocal
set "AQUI=%~dp0"
set "ALGUNO="
for %%P in ("py -3.13" "py -3.12" "py -3.11" "python" "py -3") do call :probar %%~P
if defined ELEGIDO goto instalar
if defined ALGUNO set "ELEGIDO=%ALGUNO%" & goto instalar
echo No encuentro Python: instala una de las versiones que dice LEEME.txt y repite.
pause
exit /b 1

:instalar
%ELEGIDO% "%AQUI%instalar.py" %*
set "CODIGO=%ERRORLEVEL%"
pause
exit /b %CODIGO%

:probar
if defined ELEGIDO exit /b 0
%* -c "import sys; sys.exit(sys.version_info < (3, 6))" >nul 2>&1 || exit /b 0
if not defined ALGUNO set "ALGUNO=%*"
%* "%AQUI%instalar.py" --sirve >nul 2>&1 && set "ELEGIDO=%*"
exit /b 0
