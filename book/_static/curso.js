// Un enlace antiguo lleva los minutos que tenía el apartado («#titulo-12-min»). Si esa
// ancla ya no existe, va al mismo apartado sin ellos.
function irAlApartado() {
  const ancla = decodeURIComponent(location.hash.slice(1));
  const corta = ancla.replace(/-\d+-min$/, "");
  if (corta !== ancla && !document.getElementById(ancla)) {
    document.getElementById(corta)?.scrollIntoView();
  }
}
addEventListener("hashchange", irAlApartado);
irAlApartado();
