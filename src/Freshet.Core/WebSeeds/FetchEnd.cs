namespace Freshet.Core.WebSeeds;

/// <summary>How a request to a web seed ended.</summary>
/// <param name="Fault">What is wrong, if anything.</param>
internal readonly record struct FetchEnd(FetchFault Fault)
{
    /// <summary>The same in words; null if nothing is wrong.</summary>
    public string? Words { get; init; }

    /// <summary>How long the server asks to be left alone; null if it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The file that a <see cref="FetchFault.WrongFile"/> is about.</summary>
    public int File { get; init; }

    /// <summary>Bytes that were read for nothing, since the server sent more than it was asked for.</summary>
    public int Skipped { get; init; }
}
