/** Prints the rules of policies, without any workload. Types are for one thread unless they say otherwise. */
@NullMarked
package dev.postern.cli.policies;

import org.jspecify.annotations.NullMarked;
