/**
 * What dataplanes make of policies, where they differ from the API's documents or choose what it leaves open: a table of facts, each with
 * its source. It knows no cluster; answers read clusters as a profile says, and {@link dev.postern.lint.rule} looks for what a fact is about.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.dataplane;

import org.jspecify.annotations.NullMarked;
