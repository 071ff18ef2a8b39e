/**
 * What dataplanes make of policies, where they differ from the API's documents: a table of facts, each with its source. It knows no
 * cluster; {@link dev.postern.lint.rule} looks for what a fact is about.
 */
@NullMarked
package dev.postern.lint.dataplane;

import org.jspecify.annotations.NullMarked;
