using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Freshet.Api;

namespace Freshet.Daemon.Security;

/// <summary>The secret token that grants access to the API, created at the first start and kept in the state folder.</summary>
internal sealed class AccessToken
{
    private const string FileName = LocalDaemon.TokenFile;
    private const string UnshownFile = "token-not-shown";
    private const int Length = 32;
    private readonly PrivateFolder _folder;
    private readonly byte[] _hash;

    private AccessToken(PrivateFolder folder, string text, bool isNew)
    {
        _folder = folder;
        Text = text;
        IsNew = isNew;
        _hash = HashOf(text);
    }

    public string Text { get; }

    /// <summary>Whether nobody was shown it yet: a start that created it may have failed afterwards.</summary>
    public bool IsNew { get; private set; }

    public static AccessToken Open(PrivateFolder folder)
    {
        if (folder.Read(FileName) is { } kept)
        {
            string text = Encoding.ASCII.GetString(kept).Trim();
            return text.Length >= Length
                ? new AccessToken(folder, text, isNew: folder.Read(UnshownFile) is not null)
                : throw new FreshetException(
                    FreshetError.Storage, $"The file {FileName} in {folder.Path} has no token. Remove it, and a new one is made.");
        }

        string made = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Length));
        folder.Write(UnshownFile, []);
        folder.Write(FileName, Encoding.ASCII.GetBytes(made + "\n"));
        return new AccessToken(folder, made, isNew: true);
    }

    /// <summary>Notes that it was shown.</summary>
    /// <exception cref="FreshetException">That cannot be noted, so it is shown once more.</exception>
    public void OnShown()
    {
        IsNew = false;
        _folder.Delete(UnshownFile);
    }

    /// <summary>Whether a text is the token, compared in constant time.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(HashOf(text), _hash);

    private static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
