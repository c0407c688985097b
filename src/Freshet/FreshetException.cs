namespace Freshet;

/// <summary>An expected error; the message says what went wrong, where, and what to do next.</summary>
public class FreshetException : Exception
{
    /// <summary>Creates an exception without a message.</summary>
    public FreshetException()
    {
    }

    /// <summary>Creates an exception with a message.</summary>
    public FreshetException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    public FreshetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception with an error kind, a message and, optionally, a cause.</summary>
    public FreshetException(FreshetError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>The kind of the error.</summary>
    public FreshetError Error { get; protected init; }
}
