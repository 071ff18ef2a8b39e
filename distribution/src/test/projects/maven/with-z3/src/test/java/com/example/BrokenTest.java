package com.example;

import dev.postern.policytest.PolicyTest;

class BrokenTest {

  @PolicyTest(value = "../policies/broken.postern", manifests = "../deploy")
  void oneOfTheseDoesNotHold() {}
}
