namespace Freshet.Cli.Transfers;

/// <summary>What a run does when the disk of a torrent fails.</summary>
internal enum DiskErrors
{
    /// <summary>
    /// Fails if the folder or a file cannot be used from the start, since nobody is going to change that; waits if the disk fails later,
    /// until there is space or the mount is back.
    /// </summary>
    Auto,

    /// <summary>Always waits.</summary>
    Wait,

    /// <summary>Always fails.</summary>
    Fail,
}
