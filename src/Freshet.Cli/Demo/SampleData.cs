namespace Freshet.Cli.Demo;

/// <summary>Creates the demo's files: one large file, some small ones in folders, and an empty one.</summary>
internal static class SampleData
{
    private const int ChunkLength = 1024 * 1024;
    private const int Seed = 20_26;
    private const int SmallFiles = 8;
    private const int SmallShare = 64;

    public static void Write(string folder, long size, CancellationToken cancellationToken)
    {
        Random random = new(Seed);
        long small = size / SmallShare;
        for (int i = 1; i <= SmallFiles; i++)
            Write(Path.Combine(folder, "chapters", $"{i:00}", "text.bin"), small / i, random, cancellationToken);
        long used = Enumerable.Range(1, SmallFiles).Sum(i => small / i);
        Write(Path.Combine(folder, "feature.bin"), size - used, random, cancellationToken);
        Write(Path.Combine(folder, "empty.txt"), 0, random, cancellationToken);
    }

    private static void Write(string path, long length, Random random, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        byte[] chunk = new byte[ChunkLength];
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (long left = length; left > 0; left -= ChunkLength)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.NextBytes(chunk);
            file.Write(chunk.AsSpan(0, (int)Math.Min(left, ChunkLength)));
        }
    }
}
