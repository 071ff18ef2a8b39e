package org.teavm.classlib.java.util.concurrent.locks;

/** Without threads, nobody waits. */
public class TReentrantLock {

  public void lock() {}

  public boolean tryLock() {
    return true;
  }

  public void unlock() {}
}
