namespace Artesanos.Messaging.Nats;

/// <summary>Streams or consumers on the server are not what this version declares.</summary>
public sealed class TopologyException : Exception
{
    public TopologyException(string message) : base(message) { }
    public TopologyException(string message, Exception inner) : base(message, inner) { }
    public TopologyException() { }
}
