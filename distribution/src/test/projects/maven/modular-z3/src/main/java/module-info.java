module com.example.modularz3 {
  requires dev.postern.verifier;
  requires dev.postern.analysis;
  requires dev.postern.policy.model;
}
