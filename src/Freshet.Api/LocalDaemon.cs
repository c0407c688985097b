namespace Freshet.Api;

/// <summary>A daemon on this machine, as it describes itself in its state folder to those who may read that.</summary>
public sealed class LocalDaemon
{
    /// <summary>The folder in the state folder that holds these files.</summary>
    public const string Folder = "daemon";

    /// <summary>The file that says where a running daemon is served.</summary>
    public const string AddressFile = "address";

    /// <summary>The file with the SHA-256 of the certificate that it serves, if it serves one.</summary>
    public const string CertificateFile = "certificate";

    /// <summary>The file with the token.</summary>
    public const string TokenFile = "token";

    /// <summary>The file that is locked while a daemon runs: what one left behind that was killed is not believed.</summary>
    public const string LockFile = "lock";

    private LocalDaemon(Uri address, string folder)
    {
        Address = address;
        Token = Read(folder, TokenFile);
        Certificate = Read(folder, CertificateFile);
    }

    /// <summary>Where it is served.</summary>
    public Uri Address { get; }

    /// <summary>Its token; null if there is none in the state folder.</summary>
    public string? Token { get; }

    /// <summary>The SHA-256 of the certificate that it serves, in hexadecimal digits; null without TLS.</summary>
    public string? Certificate { get; }

    /// <summary>The daemon that runs with a state folder, or null if none does.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It is of another user.</exception>
    public static LocalDaemon? Find(string stateFolder)
    {
        string folder = Path.Combine(stateFolder, Folder);
        return IsLocked(Path.Combine(folder, LockFile))
            && Uri.TryCreate(Read(folder, AddressFile), UriKind.Absolute, out Uri? address)
                ? new LocalDaemon(address, folder)
                : null;
    }

    private static bool IsLocked(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            // Sharing it fails while somebody has it for itself.
            using FileStream mine = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return false;
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            return true;
        }
    }

    private static string? Read(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
