using Freshet.Core.Rates;

namespace Freshet.Cli.Sources;

/// <summary>Reads whole files and streams into memory, up to a limit.</summary>
internal static class BoundedFile
{
    private const int ChunkLength = 64 * 1024;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        if (path.Length == 0)
            throw new CliException("The name of a file is empty.", "Is a variable in the command line not set?");
        FileStream file;
        try
        {
            // Opening a pipe without a writer blocks, and no signal ends that.
            file = await Task.Run(() => Open(path), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(
                $"There is no file {path}.",
                path.Contains("://", StringComparison.Ordinal) ? "Only http and https URLs are fetched." : null,
                e);
        }
        catch (UnauthorizedAccessException e)
        {
            string reason = Directory.Exists(path) ? "it is a folder" : "permission was denied";
            throw new CliException($"{path} cannot be read: {reason}.", cause: e);
        }

        await using (file.ConfigureAwait(false))
            return await ReadAsync(file, path, limit, cancellationToken).ConfigureAwait(false);
    }

    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <param name="stream">The stream to read to its end.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="limit">The maximum number of bytes; more is an error.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, string name, int limit, CancellationToken cancellationToken)
    {
        // The buffer grows with the data received, never with an announced length.
        byte[] buffer = new byte[ChunkLength];
        int length = 0;
        while (true)
        {
            // A read from a pipe cannot be cancelled: it is abandoned.
            int read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).AsTask()
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
            if (length > limit)
                throw new CliException($"{name} is longer than {new ByteSize(limit)}, the most that is accepted.");
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, limit + 1L));
        }
    }
}
