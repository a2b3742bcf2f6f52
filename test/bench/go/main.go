// The Go peers: the greeter of the bench on bare grpc-go, or with Go kit's endpoint tier around it.
package main

import (
	"context"
	"fmt"
	"net"
	"os"

	"github.com/go-kit/kit/endpoint"
	kitgrpc "github.com/go-kit/kit/transport/grpc"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// A HelloRequest and a HelloReply are one string in field 1 on the wire, and so is a StringValue.
type message = wrapperspb.StringValue

type greeter interface {
	SayHello(context.Context, *message) (*message, error)
}

type bare struct{}

func (bare) SayHello(_ context.Context, request *message) (*message, error) {
	return wrapperspb.String("Hello " + request.GetValue()), nil
}

type kit struct{ handler kitgrpc.Handler }

func newKit() kit {
	pass := func(_ context.Context, value interface{}) (interface{}, error) { return value, nil }
	say := endpoint.Endpoint(func(ctx context.Context, request interface{}) (interface{}, error) {
		return bare{}.SayHello(ctx, request.(*message))
	})
	return kit{kitgrpc.NewServer(say, pass, pass)}
}

func (k kit) SayHello(ctx context.Context, request *message) (*message, error) {
	_, reply, err := k.handler.ServeGRPC(ctx, request)
	if err != nil {
		return nil, err
	}
	return reply.(*message), nil
}

func sayHello(server any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
	request := new(message)
	if err := decode(request); err != nil {
		return nil, err
	}
	return server.(greeter).SayHello(ctx, request)
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	var service greeter = bare{}
	if len(os.Args) > 1 && os.Args[1] == "kit" {
		service = newKit()
	}
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "bench.Greeter",
		HandlerType: (*greeter)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "SayHello", Handler: sayHello}},
	}, service)
	fmt.Printf("listening %d\n", listener.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener); err != nil {
		panic(err)
	}
}
