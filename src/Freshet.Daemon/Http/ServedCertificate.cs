using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Freshet.Daemon.Http;

/// <summary>
/// The certificate that is served, with its key, and the others of its file, by which clients reach a root that they trust. When its files
/// change, connections that are made from then on get the new one; one that cannot be used changes nothing.
/// </summary>
internal sealed class ServedCertificate
{
    private readonly string _path;
    private readonly string _keyPath;
    private volatile Served _served;

    private ServedCertificate(string path, string keyPath)
    {
        (_path, _keyPath) = (path, keyPath);
        _served = Load();
    }

    /// <summary>With what a connection is secured.</summary>
    public SslServerAuthenticationOptions Options => _served.Options;

    /// <summary>The SHA-256 of the certificate, in hexadecimal digits.</summary>
    public string Hash => _served.Hash;

    /// <summary>Reads the configured files; null without TLS.</summary>
    /// <exception cref="FreshetException">They cannot be used.</exception>
    public static ServedCertificate? Of(DaemonOptions options) =>
        options.Certificate is { } path ? new ServedCertificate(path, options.CertificateKey ?? path) : null;

    /// <summary>Reads the files again; returns whether their content has changed (renewals often replace links).</summary>
    /// <exception cref="FreshetException">They have, and cannot be used.</exception>
    public bool Renew()
    {
        Served served = _served;
        string content = Read();
        if (content == served.Content)
            return false;
        _served = Load();
        return true;
    }

    private string Read()
    {
        try
        {
            return File.ReadAllText(_path) + "\n" + (_keyPath == _path ? "" : File.ReadAllText(_keyPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private Served Load()
    {
        X509Certificate2Collection chain = [];
        string content = Read();
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(_path, _keyPath);
            chain.ImportFromPemFile(_path);

            // The first of the file is the certificate itself.
            chain[0].Dispose();
            chain.RemoveAt(0);
            return new Served(content, certificate.GetCertHashString(HashAlgorithmName.SHA256), new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            });
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private FreshetException Unusable(Exception e) =>
        new(FreshetError.Other, $"The certificate {_path} cannot be used: {e.Message.TrimEnd('.')}.", e);

    /// <summary>What was read last. Handshakes may still be using one that was replaced, so none is disposed of by hand.</summary>
    private sealed record Served(string Content, string Hash, SslServerAuthenticationOptions Options);
}
