/** Writes the page that holds manifests, their analysis and the engine. */
@NullMarked
package dev.postern.cli.page;

import org.jspecify.annotations.NullMarked;
