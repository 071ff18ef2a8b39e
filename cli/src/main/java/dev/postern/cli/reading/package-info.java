/**
 * How answers read what Kubernetes leaves open: what the command line says, else what the dataplane is known to do, else the common reading.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.reading;

import org.jspecify.annotations.NullMarked;
