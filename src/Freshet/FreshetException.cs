namespace Freshet;

/// <summary>Something expected went wrong; the message says what, where, and what to do next.</summary>
public class FreshetException : Exception
{
    /// <summary>With no words.</summary>
    public FreshetException()
    {
    }

    /// <summary>With words.</summary>
    public FreshetException(string message)
        : base(message)
    {
    }

    /// <summary>With words and the cause.</summary>
    public FreshetException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>With its kind, words, and perhaps the cause.</summary>
    public FreshetException(FreshetError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <summary>What kind of thing went wrong.</summary>
    public FreshetError Error { get; protected init; }
}
