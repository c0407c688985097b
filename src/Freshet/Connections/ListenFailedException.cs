namespace Freshet.Connections;

/// <summary>Listening on a port failed; the message says which, why, and what to do.</summary>
internal sealed class ListenFailedException : IOException
{
    public ListenFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
