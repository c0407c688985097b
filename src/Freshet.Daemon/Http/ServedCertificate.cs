using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Freshet.Daemon.Http;

/// <summary>
/// The certificate that is served, with its key, and the others of its file, by which clients reach a root that they trust.
/// </summary>
internal sealed class ServedCertificate : IDisposable
{
    private ServedCertificate(X509Certificate2 certificate, X509Certificate2Collection chain) =>
        (Certificate, Chain) = (certificate, chain);

    public X509Certificate2 Certificate { get; }

    public X509Certificate2Collection Chain { get; }

    /// <summary>The SHA-256 of the certificate, in hexadecimal digits.</summary>
    public string Hash => Certificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>Reads the configured files; null without TLS.</summary>
    /// <exception cref="FreshetException">They cannot be used.</exception>
    public static ServedCertificate? Of(DaemonOptions options)
    {
        if (options.Certificate is null)
            return null;
        X509Certificate2Collection chain = [];
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.Certificate, options.CertificateKey ?? options.Certificate);
            chain.ImportFromPemFile(options.Certificate);

            // The first of the file is the certificate itself.
            chain[0].Dispose();
            chain.RemoveAt(0);
            return new ServedCertificate(certificate, chain);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Other, $"The certificate {options.Certificate} cannot be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    public void Dispose()
    {
        Certificate.Dispose();
        foreach (X509Certificate2 other in Chain)
            other.Dispose();
    }
}
