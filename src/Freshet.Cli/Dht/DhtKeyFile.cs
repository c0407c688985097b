using System.Text;
using Freshet.FileSystem;

namespace Freshet.Cli.Dht;

/// <summary>The file with the seed of a key, as 64 hex digits, which only its owner may read.</summary>
internal static class DhtKeyFile
{
    private const int MaxLength = 256;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(Owner | UnixFileMode.UserExecute);

    /// <summary>Reads the key; creates one if there is no file.</summary>
    /// <exception cref="CliException">The file cannot be used.</exception>
    public static DhtItemKey Open(FileInfo file)
    {
        try
        {
            return file.Exists ? Read(file) : Create(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The key file {file} cannot be used: {e.Message.TrimEnd('.')}.", cause: e);
        }
    }

    private static DhtItemKey Read(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != 0)
            throw new CliException($"Others may read or change the key file {file}.", $"Run: chmod 600 {file}");
        Span<byte> bytes = stackalloc byte[MaxLength];
        int length = stream.ReadAtLeast(bytes, MaxLength, throwOnEndOfStream: false);
        string text = Encoding.ASCII.GetString(bytes[..length]).Trim();
        return text.Length == 2 * DhtItemKey.SeedLength && text.All(char.IsAsciiHexDigit)
            ? new DhtItemKey(Convert.FromHexString(text))
            : throw new CliException($"{file} is not a key file.", "Name a new one, and --key makes it.");
    }

    private static DhtItemKey Create(FileInfo file)
    {
        byte[] seed = DhtItemKey.NewSeed();
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        FileStream stream = new(file.FullName, options);
        try
        {
            using (stream)
            {
                stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(seed) + "\n"));
                stream.Flush();
                DiskFlush.Flush(stream.SafeFileHandle, file.FullName);
            }
        }
        catch (IOException)
        {
            // What is signed with a key that is then lost can never be changed.
            file.Delete();
            throw;
        }

        return new DhtItemKey(seed);
    }
}
