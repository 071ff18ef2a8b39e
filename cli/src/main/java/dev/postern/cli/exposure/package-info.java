/** How exposed workloads are, written in several formats. */
@NullMarked
package dev.postern.cli.exposure;

import org.jspecify.annotations.NullMarked;
