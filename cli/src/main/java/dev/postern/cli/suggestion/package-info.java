/**
 * The options and the output of {@code suggest}. A format is one class and one line in {@link dev.postern.cli.suggestion.SuggestionFormat}.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.suggestion;

import org.jspecify.annotations.NullMarked;
