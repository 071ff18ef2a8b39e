package dev.postern.ovn.ovsdb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The three PEM files that ovn-nbctl takes for TLS.
 *
 * @param privateKey the client's key, PKCS#8 ({@code -p})
 * @param certificate the client's certificate ({@code -c})
 * @param authority the certificates that the server's must be signed by ({@code -C})
 */
public record Tls(Path privateKey, Path certificate, Path authority) {

  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  /** More bytes than this are no key, and no list of authorities. */
  private static final int MOST = 1 << 22;

  SSLContext context() throws IOException {
    try {
      char[] password = new char[0];
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, password);
      own.setKeyEntry(
          "client", key(), password, certificates(certificate).toArray(Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, password);
      int number = 0;
      for (Certificate each : certificates(authority)) {
        trusted.setCertificateEntry("authority" + number++, each);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS: " + e.getMessage(), e);
    }
  }

  private PrivateKey key() throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(new String(bytes(privateKey), StandardCharsets.US_ASCII));
    if (!pem.find()) {
      throw new IOException(privateKey + " holds no PKCS#8 key;"
          + " `openssl pkcs8 -topk8 -nocrypt -in KEY` makes one of any other form");
    }
    PKCS8EncodedKeySpec spec =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : new String[] {"RSA", "EC"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException otherAlgorithm) {
        continue;
      }
    }
    throw new IOException(privateKey + " is neither an RSA nor an EC key");
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        throw new IOException(
            file + " is larger than " + MOST + " bytes, so it is no key and no certificate");
      }
      return bytes;
    }
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(bytes(file)));
  }
}
