namespace Freshet.Core.WebSeeds;

/// <summary>How a request to a web seed ended.</summary>
/// <param name="Fault">The fault, if any.</param>
internal readonly record struct FetchEnd(FetchFault Fault)
{
    /// <summary>A description of the fault; null if there is none.</summary>
    public string? Words { get; init; }

    /// <summary>How long the server asks us to wait before retrying; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The file to which a <see cref="FetchFault.WrongFile"/> refers.</summary>
    public int File { get; init; }

    /// <summary>Bytes that were read and discarded because the server sent more than was requested.</summary>
    public int Skipped { get; init; }
}
