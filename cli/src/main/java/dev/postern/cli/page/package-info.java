/** Writes the page that contains manifests, their analysis and the engine. Types are for one thread unless they say otherwise. */
@NullMarked
package dev.postern.cli.page;

import org.jspecify.annotations.NullMarked;
