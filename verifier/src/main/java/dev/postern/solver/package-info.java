/**
 * Runs Z3 within limits. If its library is missing, or a query exceeds a limit, the result is a sentence that says so. It trusts the library
 * of the Maven dependency.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.solver;

import org.jspecify.annotations.NullMarked;
