/**
 * Selects the options for choices that Kubernetes leaves open: those of the command line, otherwise those of the dataplane, otherwise the
 * defaults.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.reading;

import org.jspecify.annotations.NullMarked;
