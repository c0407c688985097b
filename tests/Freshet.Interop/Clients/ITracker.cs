namespace Freshet.Interop.Clients;

/// <summary>A running tracker.</summary>
public interface ITracker : IAsyncDisposable
{
    string AnnounceUrl { get; }

    /// <summary>Its last words.</summary>
    string Log { get; }
}
