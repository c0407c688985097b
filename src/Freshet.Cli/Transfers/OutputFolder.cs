namespace Freshet.Cli.Transfers;

/// <summary>The folder that a torrent's file or folder lies in.</summary>
internal static class OutputFolder
{
    /// <summary>
    /// Creates the folder before anything starts: the engine would otherwise wait for a disk that nobody is going to mount.
    /// </summary>
    public static void Require(DirectoryInfo folder)
    {
        if (File.Exists(folder.FullName))
            throw new CliException($"{folder} is a file.", "Name a folder with -o.");
        try
        {
            folder.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e switch
            {
                UnauthorizedAccessException => "permission was denied",
                FileNotFoundException or DirectoryNotFoundException => "no folder can be created there",
                _ => e.Message.TrimEnd('.'),
            };
            throw new CliException($"The folder {folder} cannot be created: {reason}.", "Name another one with -o.", e);
        }
    }
}
