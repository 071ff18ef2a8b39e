/**
 * A table of facts about dataplanes, each with its source: where they differ from the API's documentation, and what they choose where it
 * leaves a choice. It knows no cluster; a profile sets options for answers, and {@link dev.postern.lint.rule} reports policies that a
 * dataplane does not enforce.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.dataplane;

import org.jspecify.annotations.NullMarked;
