/** Prints the exposure of workloads in several formats. Types are for one thread unless they say otherwise. */
@NullMarked
package dev.postern.cli.exposure;

import org.jspecify.annotations.NullMarked;
