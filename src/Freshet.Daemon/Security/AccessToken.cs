using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Freshet.Api;

namespace Freshet.Daemon.Security;

/// <summary>The secret token that grants access to the API, created at the first start and kept in the state folder.</summary>
internal sealed class AccessToken
{
    private const string FileName = LocalDaemon.TokenFile;
    private const int Length = 32;
    private readonly byte[] _hash;

    private AccessToken(string text, bool isNew)
    {
        Text = text;
        IsNew = isNew;
        _hash = HashOf(text);
    }

    public string Text { get; }

    /// <summary>Whether it was created by this start.</summary>
    public bool IsNew { get; }

    public static AccessToken Open(PrivateFolder folder)
    {
        if (folder.Read(FileName) is { } kept)
        {
            string text = Encoding.ASCII.GetString(kept).Trim();
            return text.Length >= Length
                ? new AccessToken(text, isNew: false)
                : throw new FreshetException(
                    FreshetError.Storage, $"The file {FileName} in {folder.Path} has no token. Remove it, and a new one is made.");
        }

        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        folder.Write(FileName, Encoding.ASCII.GetBytes(made + "\n"));
        return new AccessToken(made, isNew: true);
    }

    /// <summary>Whether a text is the token, compared in constant time.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(HashOf(text), _hash);

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
