namespace Freshet.Connections;

/// <summary>A port could not be listened on; the message says which, why, and what to do.</summary>
internal sealed class ListenFailedException : IOException
{
    public ListenFailedException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
