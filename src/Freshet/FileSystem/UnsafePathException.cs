namespace Freshet.FileSystem;

/// <summary>A symbolic link is at the path of a file, or leads out of the root.</summary>
/// <param name="link">The link's path.</param>
internal sealed class UnsafePathException(string link) : IOException($"{link} is a symbolic link that is not followed.")
{
    /// <summary>The link's path.</summary>
    public string Link => link;

    /// <summary>Finds the link: the first on the path from the root that leads out of it, or the last element.</summary>
    public static UnsafePathException At(FilePath path)
    {
        SafeFolder root = new(path.Root);
        for (int end = path.Name.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.Name.IndexOf('/', end + 1))
        {
            if (!root.Contains(path.Name[..end]))
                return new UnsafePathException((path with { Name = path.Name[..end] }).Full);
        }

        return new UnsafePathException(path.Full);
    }
}
