/** How long work may take: whoever loops looks at the deadline that the work was begun under, and gives up by one exception when it has passed. */
@NullMarked
package dev.postern.deadline;

import org.jspecify.annotations.NullMarked;
