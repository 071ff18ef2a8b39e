/**
 * Turns the options that name a target into its backend, and its artefact into files. It trusts the backend for their contents.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.artifact;

import org.jspecify.annotations.NullMarked;
