// Dragging in the editor of a draft: a thing is dropped among its like, and the page's own form says where.
// Everything works without this file, by the arrows beside each thing.
(function () {
  "use strict";

  var form = document.getElementById("draft");
  var dragged = null;

  function send(item, place) {
    var to = document.createElement("input");
    to.type = "hidden";
    to.name = "to";
    to.value = String(place);
    form.appendChild(to);
    form.action = item.dataset.move;
    form.submit();
  }

  function siblings(item) {
    return Array.prototype.filter.call(item.parentElement.children, function (each) { return each.dataset.move; });
  }

  function clear() {
    form.querySelectorAll(".std-over").forEach(function (each) { each.classList.remove("std-over"); });
  }

  function target(event) {
    var item = event.target.closest("[data-move]");
    while (item && dragged && item.parentElement !== dragged.parentElement) {
      item = item.parentElement.closest("[data-move]");
    }
    return item;
  }

  if (!form) { return; }

  form.addEventListener("mousedown", function (event) {
    var grip = event.target.closest(".std-grip");
    if (grip) { grip.closest("[data-move]").draggable = true; }
  });
  form.addEventListener("mouseup", function () {
    form.querySelectorAll("[draggable]").forEach(function (each) { each.removeAttribute("draggable"); });
  });
  form.addEventListener("dragstart", function (event) {
    dragged = event.target.closest("[data-move]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
    dragged.classList.add("std-drag");
  });
  form.addEventListener("dragover", function (event) {
    var over = dragged && target(event);
    if (!over) { return; }
    event.preventDefault();
    clear();
    if (over !== dragged) { over.classList.add("std-over"); }
  });
  form.addEventListener("drop", function (event) {
    var over = dragged && target(event);
    if (!over || over === dragged) { return; }
    event.preventDefault();
    var all = siblings(over);
    var from = all.indexOf(dragged);
    var box = over.getBoundingClientRect();
    var index = all.indexOf(over) + (event.clientY > box.top + box.height / 2 ? 1 : 0);
    send(dragged, (from < index ? index - 1 : index) + 1);
  });
  form.addEventListener("dragend", function () {
    clear();
    if (dragged) { dragged.classList.remove("std-drag"); dragged.removeAttribute("draggable"); }
    dragged = null;
  });

  if (window.location.hash) {
    var moved = document.querySelector(window.location.hash + "[data-move]");
    if (moved) { moved.focus({ preventScroll: false }); }
  }
})();
